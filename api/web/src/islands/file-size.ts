// A file that is larger than may come in is named before it is sent.
import { all } from './dom';

const MB = 1024 * 1024;

export function fileSize(root: ParentNode): void {
  for (const field of all<HTMLInputElement>(root, 'input[type=file][data-most]')) {
    field.addEventListener('change', () => {
      const most = Number(field.dataset.most);
      const found = [...field.files ?? []].find(file => file.size > most);
      field.setCustomValidity(found ? tooLarge(field.dataset.tooLarge ?? '', found, most) : '');
      if (found) field.reportValidity();
    });
  }
}

function tooLarge(text: string, file: File, most: number): string {
  const size = (Math.ceil(file.size * 10 / MB) / 10).toFixed(1);
  return text.replace('{name}', file.name).replace('{size}', size).replace('{most}', String(most / MB));
}
