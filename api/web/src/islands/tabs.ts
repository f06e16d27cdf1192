// On a narrow page tabs are one line that moves: the one that is open stands in it.
import { all } from './dom';

export function tabs(root: ParentNode): void {
  for (const line of all<HTMLElement>(root, '.tabs')) {
    const here = line.querySelector<HTMLElement>('[aria-current]');
    if (here) line.scrollLeft = here.offsetLeft - line.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;
  }
}
