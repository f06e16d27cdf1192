// A field that says no row of its own stays in one: the editor made it another with every change,
// drew it anew, and took the focus away from what one was writing about it.

interface Field { id?: string; layout?: { row?: string }; components?: Field[] }
interface Layouter { calculateLayout(field: Field): void }

function placed(field: Field): Field {
  return field.layout?.row ? field : { ...field, layout: { ...field.layout, row: `Row_${field.id}` } };
}

/** Only where it is drawn: the form does not come to say so. */
export const steady = {
  __init__: [['formLayouter', (layouter: Layouter) => {
    const calculate = layouter.calculateLayout.bind(layouter);
    layouter.calculateLayout = field => calculate({ ...field, components: field.components?.map(placed) });
  }]],
};
