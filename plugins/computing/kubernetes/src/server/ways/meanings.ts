import { type SteleError, streamFailure } from '@stele/sdk';

const field = 'conf.kubeconfig';
const remedies = {
  name: { field, advice: 'Say that name in the kubeconfig, as tls-server-name.' },
  authority: { field, advice: 'The kubeconfig needs the certificate of the one that did.' },
  over: { field, advice: 'Give another kubeconfig.' },
  refused: { field, advice: 'Give another kubeconfig.' },
  version: { field },
  plain: { field },
};

/** What broke a stream to the API, or kept it from being opened, in words. Pure. */
export function explained(where: string, error: unknown): SteleError {
  return streamFailure(where, error, remedies);
}
