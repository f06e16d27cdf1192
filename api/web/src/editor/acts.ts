// What the buttons and keys of the body's editor do.
import { baseKeymap, toggleMark } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import { type Command, type Plugin, TextSelection } from 'prosemirror-state';
import {
  addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable,
  selectedRect, tableEditing,
} from 'prosemirror-tables';
import { deeper, nextItem, shallower, toggleNumber } from './numbering';
import { rowNode, schema } from './schema';

const bold = toggleMark(schema.marks.bold!);
const underline = toggleMark(schema.marks.underline!);

const lineEnd: Command = (state, dispatch) => {
  if (isInTable(state)) return true;
  dispatch?.(state.tr.replaceSelectionWith(schema.nodes.line_end!.create()).scrollIntoView());
  return true;
};

/** A table of two columns behind the present paragraph, the cursor in its first cell. */
const table: Command = (state, dispatch) => {
  if (isInTable(state)) return false;
  if (!dispatch) return true;
  const { $to } = state.selection;
  const at = $to.after(1);
  const made = schema.nodes.table!.create(null, [rowNode(['', '']), rowNode(['', ''])]);
  const tr = state.tr.insert(at, made);
  if (at === state.doc.content.size) tr.insert(tr.doc.content.size, schema.nodes.paragraph!.create());
  dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 3))).scrollIntoView());
  return true;
};

/** The next side of the column: left, centre, right. */
const align: Command = (state, dispatch) => {
  if (!isInTable(state)) return false;
  if (!dispatch) return true;
  const { tr } = state;
  const { map, left, tableStart, table: whole } = selectedRect(state);
  const cells = map.cellsInRect({ left, right: left + 1, top: 0, bottom: map.height });
  const sides = ['left', 'center', 'right'];
  const present = String(whole.nodeAt(cells[0]!)?.attrs.align);
  const wanted = sides[(sides.indexOf(present) + 1) % sides.length];
  for (const pos of cells) tr.setNodeAttribute(tableStart + pos, 'align', wanted);
  dispatch(tr);
  return true;
};

export function caption(text: string): Command {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    dispatch?.(state.tr.setNodeAttribute(selectedRect(state).tableStart - 1, 'caption', text));
    return true;
  };
}

/** By the names that the toolbar's buttons carry. */
export const acts: Record<string, Command> = {
  undo, redo, bold, underline, number: toggleNumber, deeper, shallower, table,
  row: addRowAfter, column: addColumnAfter, 'row-out': deleteRow, 'column-out': deleteColumn,
  'table-out': deleteTable, align,
};

export function plugins(): Plugin[] {
  return [
    keymap({
      'Mod-z': undo, 'Mod-y': redo, 'Shift-Mod-z': redo, 'Mod-b': bold, 'Mod-u': underline,
      'Mod-]': deeper, 'Mod-[': shallower, 'Shift-Enter': lineEnd,
      Enter: nextItem, Tab: goToNextCell(1), 'Shift-Tab': goToNextCell(-1),
    }),
    keymap(baseKeymap),
    history(),
    tableEditing(),
  ];
}
