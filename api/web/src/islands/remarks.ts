// Remarks on a draft: words that are selected in it go into the form beside it.
import { one } from './dom';

export function remarks(root: ParentNode): void {
  const words = one(root, '[data-remark-words]');
  const form = one<HTMLFormElement>(root, 'form[data-remark-form]');
  if (!words || !form) return;
  document.addEventListener('selectionchange', () => {
    const found = chosen(words);
    if (found) fill(form, found);
  });
}

interface Chosen { paragraph: string; start: number; quote: string }

/** The selected words, where all of them stand in one paragraph of the draft. */
function chosen(words: HTMLElement): Chosen | null {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const holder = range.commonAncestorContainer;
  const element = holder instanceof Element ? holder : holder.parentElement;
  const paragraph = element?.closest<HTMLElement>('[data-paragraph]');
  const quote = range.toString();
  if (!paragraph || !words.contains(paragraph) || !quote.trim()) return null;
  const before = document.createRange();
  before.selectNodeContents(paragraph);
  before.setEnd(range.startContainer, range.startOffset);
  // the server counts characters, the browser counts halves of rare ones
  return { paragraph: paragraph.dataset.paragraph!, start: [...before.toString()].length, quote };
}

function fill(form: HTMLFormElement, found: Chosen): void {
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const replacement = field('replacement');
  // what the reader typed stays; what only repeats the words before follows them
  if (!replacement.value || replacement.value === field('quote').value) replacement.value = found.quote;
  field('paragraph').value = found.paragraph;
  field('start').value = String(found.start);
  field('quote').value = found.quote;
}
