// In place of the package of this name: CodeMirror's rules go into a constructed style sheet, as
// they would in a shadow root. A <style> element is what the policy forbids.
import { StyleModule as Written } from '../../node_modules/style-mod/src/style-mod.js';

type Root = Parameters<typeof Written.mount>[0];

/** A document that looks like a shadow root: it has no head. */
class Headless {
  constructor(readonly ownerDocument: Document) {}
  get adoptedStyleSheets(): CSSStyleSheet[] { return this.ownerDocument.adoptedStyleSheets; }
  set adoptedStyleSheets(sheets: CSSStyleSheet[]) { this.ownerDocument.adoptedStyleSheets = sheets; }
}

const headless = new WeakMap<object, Headless>();

export class StyleModule extends Written {
  static override mount(root: Root, modules: Parameters<typeof Written.mount>[1]): void {
    if (!(root instanceof Document)) { Written.mount(root, modules); return; }
    const known = headless.get(root) ?? new Headless(root);
    headless.set(root, known);
    Written.mount(known as unknown as Root, modules);
  }
}
