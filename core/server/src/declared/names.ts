import { SteleError } from '@stele/sdk';

/**
 * Takes the name that an entry is known by. Of two entries with one name the second would silently take the place of the first.
 * @throws INVALID (field `name`) when another entry of its kind has it
 */
export function takeName({ name }: Readonly<Record<string, unknown>>, taken: Set<unknown>): void {
  if (taken.has(name)) {
    const message = `Another entry above is called ${JSON.stringify(name)}, and that is what it is known by: give each a name of its own.`;
    throw new SteleError('INVALID', message, { field: 'name' });
  }
  if (name !== undefined) taken.add(name);
}
