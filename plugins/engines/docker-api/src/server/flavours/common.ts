import type { ImageRef } from '@stele/sdk';
import { formatImage } from '@stele/sdk';
import type { InspectLine } from '@stele/sdk/oci';
import type { ApiRequest } from '../http/request.ts';

/** What both answer when they are asked for one container. Everything may be missing. */
interface Inspected {
  readonly Id?: string;
  readonly Name?: string;
  readonly State?: InspectLine['state'];
  readonly NetworkSettings?: { readonly Ports?: InspectLine['ports'] };
  readonly HostConfig?: { readonly Memory?: number };
}

/** The part of such an answer that is read, but for the digest. Pure. */
export function readContainer(answer: unknown): Partial<InspectLine> {
  const { Id, Name, State, NetworkSettings, HostConfig } = (answer ?? {}) as Inspected;
  return {
    ...(Id === undefined ? {} : { id: Id }),
    ...(Name === undefined ? {} : { name: Name }),
    ...(State === undefined ? {} : { state: State }),
    ports: NetworkSettings?.Ports ?? null,
    memory: HostConfig?.Memory ?? 0,
  };
}

/** Fetches an image; Docker splits its reference. Pure. */
export function pullRequest(prefix: string, image: ImageRef, architecture: string | undefined): ApiRequest {
  const { registry, repository, tag = 'latest', digest } = image;
  const platform = architecture === undefined ? {} : { platform: `linux/${architecture}` };
  const query = { fromImage: `${registry}/${repository}`, tag: digest ?? tag, ...platform };
  return { method: 'POST', path: `${prefix}/images/create`, query };
}

/** What an image is asked for by. Every part of it was checked. Pure. */
export function imagePath(prefix: string, image: ImageRef): string {
  return `${prefix}/images/${formatImage(image)}/json`;
}
