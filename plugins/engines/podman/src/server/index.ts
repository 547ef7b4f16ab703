import { ContainerEngines, definePlugin } from '@stele/sdk';
import { CliEngine } from '@stele/sdk/oci-cli';
import type { PodmanSettings } from '../settings.ts';
import { podmanDialect } from './dialect.ts';

export default definePlugin<PodmanSettings>({
  activate({ add, settings }) {
    add(ContainerEngines, 'podman', new CliEngine(podmanDialect(settings)));
  },
});
