// The body of a letter as a page to write on. The text area behind it stays the one truth: the form,
// autosave and a page without JavaScript all go by it.
import 'prosemirror-view/style/prosemirror.css';
import './editor.css';
import { mount } from './editor/body';

const field = document.querySelector<HTMLElement>('[data-body]');
if (field) mount(field);
