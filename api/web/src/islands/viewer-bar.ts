// The bar over a rendered letter: page or text, zoom. Without script both stand one above the other.
import { all, one } from './dom';

const ZOOMS = ['75', '100', '125', '150'];

export function viewerBar(root: ParentNode): void {
  for (const viewer of all(root, '.viewer[data-viewer]')) {
    modes(viewer);
    zoom(viewer);
  }
}

function modes(viewer: HTMLElement): void {
  const buttons = all<HTMLButtonElement>(viewer, '[data-mode]');
  const show = (mode: string) => {
    for (const part of all(viewer, '[data-part]')) part.hidden = part.dataset.part !== mode;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.mode === mode));
  };
  for (const button of buttons) button.addEventListener('click', () => show(button.dataset.mode ?? 'page'));
  if (buttons.length) show(matchMedia('(max-width: 48rem)').matches ? 'text' : 'page');
}

function zoom(viewer: HTMLElement): void {
  const label = one(viewer, '[data-zoom-label]');
  const step = (by: number) => {
    const at = ZOOMS.indexOf(viewer.dataset.zoom ?? '100');
    const next = ZOOMS[Math.min(Math.max(at + by, 0), ZOOMS.length - 1)] ?? '100';
    viewer.dataset.zoom = next;
    if (label) label.textContent = `${next}%`;
  };
  one(viewer, '[data-zoom-out]')?.addEventListener('click', () => step(-1));
  one(viewer, '[data-zoom-in]')?.addEventListener('click', () => step(1));
}
