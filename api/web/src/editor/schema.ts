// What the body may hold: exactly what is printed. Whatever is pasted becomes this or is left out.
import { type Node, Schema } from 'prosemirror-model';
import { type Block, type Run, type Table, read, write } from './notation';

const CELL = { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } };

export const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { content: 'inline*', group: 'block', parseDOM: [{ tag: 'p' }, { tag: 'li' }], toDOM: () => ['p', 0] },
    table: {
      content: 'table_row+', group: 'block', tableRole: 'table', isolating: true,
      attrs: { caption: { default: '' } },
      parseDOM: [{ tag: 'table', getAttrs: dom => ({ caption: dom.querySelector('caption')?.textContent?.trim() ?? '' }) }],
      toDOM: node => (node.attrs.caption
        ? ['table', ['caption', { contenteditable: 'false' }, node.attrs.caption as string], ['tbody', 0]]
        : ['table', ['tbody', 0]]),
    },
    table_row: {
      content: 'cell*', tableRole: 'row', attrs: { foot: { default: false } },
      parseDOM: [{ tag: 'tr' }], toDOM: node => ['tr', node.attrs.foot ? { class: 'is-foot' } : {}, 0],
    },
    cell: {
      content: 'text*', marks: '', tableRole: 'cell', isolating: true,
      attrs: { ...CELL, align: { default: 'left' } },
      parseDOM: [{ tag: 'td' }, { tag: 'th' }],
      toDOM: node => ['td', { class: `al-${node.attrs.align as string}` }, 0],
    },
    text: { group: 'inline' },
    line_end: { inline: true, group: 'inline', selectable: false, parseDOM: [{ tag: 'br' }], toDOM: () => ['br'] },
  },
  marks: {
    bold: { parseDOM: [{ tag: 'b' }, { tag: 'strong' }], toDOM: () => ['strong', 0] },
    underline: { parseDOM: [{ tag: 'u' }, { tag: 'ins' }], toDOM: () => ['u', 0] },
  },
});

const { paragraph, table, table_row, cell, line_end } = schema.nodes;

export function docOf(text: string): Node {
  const blocks = read(text).map(block =>
    'table' in block ? tableNode(block.table) : paragraph!.create(null, block.paragraph.flatMap(inline)));
  const last = blocks[blocks.length - 1];
  // behind a table there must be a place to write on
  if (!last || last.type === table) blocks.push(paragraph!.create());
  return schema.node('doc', null, blocks);
}

function inline(run: Run): Node[] {
  const marks = [
    ...(run.bold ? [schema.mark('bold')] : []),
    ...(run.underline ? [schema.mark('underline')] : []),
  ];
  return run.text.split('\n').flatMap((text, n) => [
    ...(n ? [line_end!.create()] : []),
    ...(text ? [schema.text(text, marks)] : []),
  ]);
}

export function rowNode(texts: string[], align: string[] = [], foot = false): Node {
  return table_row!.create({ foot }, texts.map((text, n) =>
    cell!.create({ align: align[n] ?? 'left' }, text ? schema.text(text) : null)));
}

function tableNode(one: Table): Node {
  const rows = [one.columns, ...one.rows].map(row => rowNode(row, one.align));
  return table!.create({ caption: one.caption },
    one.footer.length ? [...rows, rowNode(one.footer, one.align, true)] : rows);
}

export function textOf(doc: Node): string {
  return write(doc.children.map(blockOf));
}

function blockOf(node: Node): Block {
  return node.type === table ? { table: tableOf(node) } : { paragraph: runsOf(node) };
}

function runsOf(node: Node): Run[] {
  return node.children.map(child => ({
    text: child.type === line_end ? '\n' : child.text ?? '',
    bold: child.marks.some(mark => mark.type.name === 'bold'),
    underline: child.marks.some(mark => mark.type.name === 'underline'),
  }));
}

function tableOf(node: Node): Table {
  const texts = node.children.map(row => row.children.map(one => one.textContent.trim()));
  const foot = node.childCount > 1 && Boolean(node.lastChild?.attrs.foot);
  return {
    caption: String(node.attrs.caption).trim(),
    columns: texts[0] ?? [],
    align: node.firstChild?.children.map(one => String(one.attrs.align)) ?? [],
    rows: texts.slice(1, foot ? -1 : undefined),
    footer: foot ? texts[texts.length - 1]! : [],
  };
}
