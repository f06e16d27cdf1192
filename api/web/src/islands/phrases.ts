// Frequent phrases: a press puts the words of the button into the field it names.
import { all } from './dom';

export function phrases(root: ParentNode): void {
  for (const button of all<HTMLButtonElement>(root, 'button[data-phrase-for]')) {
    button.addEventListener('click', () => {
      const field = document.getElementById(button.dataset.phraseFor ?? '') as HTMLTextAreaElement | null;
      if (!field) return;
      const text = button.textContent?.trim() ?? '';
      field.value = field.value.trim() ? `${field.value.trimEnd()}\n${text}` : text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.focus();
    });
  }
}
