// Both editors write a file by descriptions of their language, which leave a little of what a file says out.
interface Property { name: string; default?: unknown; isVirtual?: boolean; isAttr?: boolean }
interface Descriptor { properties: Property[] }
export interface Factory { createType(descriptor: Descriptor): unknown }

/** An attribute of DMN: it is read, and by its description never written. */
const READ_ALONE = /(^|:)sharedStyle$/;

function said({ isVirtual, ...one }: Property): Property {
  const written = READ_ALONE.test(one.name) ? { ...one, isAttr: true } : isVirtual ? { ...one, isVirtual } : one;
  return written.default === undefined ? written : { ...written, default: undefined };
}

/** Write what a file said, even where that is the default: readers that know no defaults need it. */
export function keepSaid(moddle: { factory: Factory }): void {
  const create = moddle.factory.createType;
  moddle.factory.createType = function createType(descriptor) {
    const made = create.call(this, descriptor); // its prototype knows the defaults from here on
    descriptor.properties = descriptor.properties.map(said);
    return made;
  };
}
