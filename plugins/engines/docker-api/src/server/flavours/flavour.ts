import type { ContainerSpec, EngineStatus, ImageRef } from '@stele/sdk';
import type { InspectLine } from '@stele/sdk/oci';
import type { ApiRequest } from '../http/request.ts';

/** What the API itself says it is: headers of `/_ping`. */
export interface Greeting {
  /** Prefix of the API that Docker and Podman share: `/v1.41`. */
  readonly prefix: string;
  /** Prefix of Podman's own: `/v4.0.0/libpod`. Absent: it is Docker. */
  readonly own?: string;
}

/** What a look at an engine tells. */
export interface Survey {
  readonly status: EngineStatus;
  readonly traits: Traits;
}

/** What containers need there. */
export interface Traits {
  /** OCI runtime for containers that ask for none. Absent: the engine's own default. */
  readonly runtime?: string;
  /** Runtimes that may be asked for. Absent: the engine itself refuses those that it hasn't. */
  readonly runtimes?: readonly string[];
  readonly init: boolean;
  readonly limits: boolean;
  readonly selinux: boolean;
  /** Whether each container gets a network of its own rather than the one for all, or a mode of this name. */
  readonly network:
    { readonly kind: 'own' | 'shared' } | { readonly kind: 'mode'; readonly mode: 'pasta' | 'slirp4netns' };
}

/** What Docker and Podman say differently. All of it pure. */
export interface Flavour {
  /** For people. */
  readonly title: string;
  /** Whether `OOMKilled` can be believed when it is false; else the kernel's log is asked. */
  readonly knowsOutOfMemory: boolean;
  /** Asks the engine how it is. */
  readonly survey: ApiRequest;
  /** Reads the answer to that. */
  readSurvey(answer: unknown, runtime: string | undefined): Survey;
  /** Makes what a container needs as its network. Absent: nothing has to be made. */
  makeNetwork(spec: ContainerSpec, traits: Traits): ApiRequest | undefined;
  /** Removes what a container may have as its own network. Absent: it has none. */
  removeNetwork(name: string): ApiRequest | undefined;
  /** Networks with a label, where containers have their own. */
  findNetworks(filters: string): ApiRequest | undefined;
  /** @param digest by what a registry knows the image, kept with the container where nothing else keeps it */
  create(spec: ContainerSpec, traits: Traits, digest: string | undefined): ApiRequest;
  inspect(name: string): ApiRequest;
  /** The part of an answer to {@link Flavour.inspect} that is read: without the environment. */
  readContainer(answer: unknown): Partial<InspectLine>;
  remove(name: string): ApiRequest;
  /** What went wrong although an answer to {@link Flavour.remove} is a good one. */
  problemOf(answer: string): string | undefined;
  /** Whether a removal fails because the container is just ending, and will do in a moment. */
  isEnding(problem: string): boolean;
  pull(image: ImageRef, architecture: string | undefined): ApiRequest;
}
