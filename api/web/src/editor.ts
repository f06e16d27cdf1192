// The body of a letter as a page to write on. The text area behind it stays the one truth: the form,
// autosave and a page without JavaScript all go by it.
import 'prosemirror-view/style/prosemirror.css';
import './editor.css';
import { lettersBefore, mount } from './editor/body';
import { live } from './editor/live';

const field = document.querySelector<HTMLElement>('[data-body]');
const view = field ? mount(field) : null;
const form = document.querySelector<HTMLFormElement>('form[data-live]');
const preview = document.querySelector<HTMLElement>('[data-preview]');
if (form && preview) live(form, preview, () => view && lettersBefore(view));
