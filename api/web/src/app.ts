// Every page loads this: the stylesheet, htmx and the small islands. Pages work without it.
import 'htmx.org';
import './saraban.css';
import './pages.css';
import { autosave } from './islands/autosave';
import { bulk } from './islands/bulk';
import { checkAll } from './islands/check-all';
import { fileSize } from './islands/file-size';
import { focusFirstError } from './islands/focus';
import { keptDraft } from './islands/kept-draft';
import { keys } from './islands/keys';
import { menus } from './islands/menus';
import { offers } from './islands/offers';
import { passkeys } from './islands/passkeys';
import { phrases } from './islands/phrases';
import { remarks } from './islands/remarks';
import { reveal } from './islands/reveal';
import { rows } from './islands/rows';
import { sendOnce } from './islands/send-once';
import { tabs } from './islands/tabs';
import { viewerBar } from './islands/viewer-bar';

document.documentElement.classList.add('js');
// A page that nobody looks at does not poll.
document.addEventListener('htmx:before:request', event => {
  if (document.hidden) event.preventDefault();
});
for (const island of [autosave, bulk, checkAll, fileSize, focusFirstError, keptDraft, keys, menus, offers, passkeys, phrases, remarks, reveal, rows, sendOnce, tabs, viewerBar]) {
  island(document);
}
