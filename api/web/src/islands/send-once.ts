// A form that was sent is not sent again by a second press; the server replays it anyway.

export function sendOnce(root: ParentNode): void {
  root.addEventListener('submit', event => {
    const form = event.target as HTMLFormElement;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    form.setAttribute('aria-busy', 'true');
  });
  // Coming back by the browser's button shows the page as it was left: let it be sent again.
  window.addEventListener('pageshow', () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
      form.removeAttribute('aria-busy');
    }
  });
}
