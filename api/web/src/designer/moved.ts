// Comments of the file before whose element was taken away: the server keeps them, and says where.
interface Moved { text: string; was: string; now: string }

export function tellMoved({ moved = [] }: { moved?: Moved[] }): void {
  const notice = document.querySelector<HTMLElement>('[data-moved]');
  if (!notice || !moved.length) return; // what an earlier save told is still true
  const said = notice.dataset.text ?? '';
  const tell = ({ text, was, now }: Moved) => said.replace('{was}', was).replace('{now}', now).replace('{text}', () => text);
  notice.querySelector('ul')!.append(...moved.map(one => Object.assign(document.createElement('li'), { textContent: tell(one) })));
  notice.hidden = false;
}
