import { hasCode, isSteleError } from '@stele/sdk';

const notKnown =
  'The platform’s new SSH key is not known there yet, so the one before it is used. Add the new line, which Account → SSH shows to administrators, to ~/.ssh/authorized_keys of that account; until then the old one has to stay.';

/**
 * What there is to say of a resource that answers, while the platform's key is being replaced: whether the new one is known there.
 * @param trial asks the resource with the new key alone
 */
export async function newKeyRemark(trial: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await trial();
    return undefined;
  } catch (error) {
    if (hasCode(error, 'DENIED')) return notKnown;
    if (!isSteleError(error)) throw error;
    return `Whether the platform’s new SSH key is known there could not be found out: ${error.message}`;
  }
}
