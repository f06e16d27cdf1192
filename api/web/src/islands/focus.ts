// The error summary (or whatever a page marks with data-focus) takes the focus when a page arrives.
import { one } from './dom';

export function focusFirstError(root: ParentNode): void {
  one(root, '[data-focus]')?.focus();
}
