import { type InterfaceProtocol, type Registry, SteleError } from '@stele/sdk';
import type { NewSoftware, Software as SoftwareView, SoftwarePatch } from '@stele/sdk/api';
import type { Viewer } from '../accounts/index.ts';
import { noFlags, ownerOf, type Software } from '../model/index.ts';
import type { OwnedStore, OwnerNames } from '../owned/index.ts';
import { ownerView } from '../owned/index.ts';

/** What a copy takes over. */
const copied = [
  ...(['description', 'icon', 'registry', 'image', 'tag', 'digest', 'architecture'] as const),
  ...(['port', 'protocol', 'transport', 'env', 'flags'] as const),
];

/** What users may pick to run. */
export class Softwares {
  readonly store: OwnedStore<Software>;
  readonly #protocols: Registry<InterfaceProtocol>;

  constructor(store: OwnedStore<Software>, protocols: Registry<InterfaceProtocol>) {
    this.store = store;
    this.#protocols = protocols;
  }

  async create(viewer: Viewer, input: NewSoftware): Promise<Software> {
    const { owner, flags, ...values } = input;
    this.#checkProtocol(viewer, input.protocol ?? 'http', input.transport ?? 'tcp');
    return this.store.create(viewer, owner, { ...values, flags: { ...noFlags, ...flags } });
  }

  async update(viewer: Viewer, id: string, patch: SoftwarePatch): Promise<Software> {
    const { owner, flags, ...values } = patch;
    const now = await this.store.get(viewer, id, 'change');
    this.#checkProtocol(viewer, patch.protocol ?? now.protocol, patch.transport ?? now.transport);
    return this.store.update(viewer, id, owner, { ...values, ...(flags ? { flags: { ...now.flags, ...flags } } : {}) });
  }

  async remove(viewer: Viewer, id: string): Promise<void> {
    await this.store.remove(viewer, id);
  }

  /** A copy of one's own of what one may see. */
  async duplicate(viewer: Viewer, id: string): Promise<Software> {
    const original = await this.store.get(viewer, id, 'see');
    const copy = Object.fromEntries(copied.map((key) => [key, original[key]]));
    return this.store.create(viewer, undefined, { ...copy, name: `${original.name.slice(0, 193)} (copy)` });
  }

  /** S7: some protocols are for power users. */
  #checkProtocol(viewer: Viewer, id: string, transport: 'tcp' | 'udp'): void {
    const protocol = this.#protocols.get(id);
    if (!protocol) {
      throw new SteleError('UNSUPPORTED', `No active plugin speaks the protocol “${id}”.`, { field: 'protocol' });
    }
    if (!protocol.transports.includes(transport)) {
      const message = `${protocol.title} does not run over ${transport}, and no plugin carries it.`;
      throw new SteleError('UNSUPPORTED', message, { field: 'transport' });
    }
    if (protocol.needsPowerUser && viewer.role === 'standard') {
      throw new SteleError('DENIED', `${protocol.title} is for power users.`, { field: 'protocol' });
    }
  }

  view(viewer: Viewer, entity: Software, names: OwnerNames): SoftwareView {
    const { id, name, description, icon, registry, image, tag, digest, architecture, port, protocol, transport } =
      entity;
    return {
      ...{ id, name, description, icon, registry, image, tag, port, protocol, transport },
      ...(digest ? { digest } : {}),
      ...(architecture ? { architecture } : {}),
      env: { ...entity.env },
      flags: { ...entity.flags },
      owner: ownerView(ownerOf(entity), names),
      isDeclared: Boolean(entity.declaredAs),
      rights: this.store.rights(viewer, entity),
      createdAt: entity.createdAt.toISOString(),
    };
  }
}
