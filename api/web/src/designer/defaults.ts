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

export interface Described { factory: Factory; registry: Registry }
interface Registry { packageMap: Record<string, object>; registerType(type: object, pkg: object): void }

/** An element of DMN that its description calls by another name, and would leave out: a unit, with what it decides and owns. */
export function knowUnits({ registry }: { registry: Registry }): void {
  const referring = (name: string) => ({ name, type: 'DMNElementReference', isMany: true, xml: { serialize: 'property' } });
  const properties = [referring('decisionMade'), referring('decisionOwned')];
  registry.registerType({ name: 'OrganizationUnit', superClass: ['BusinessContextElement'], properties }, registry.packageMap.dmn!);
}
