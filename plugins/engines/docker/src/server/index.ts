import { ContainerEngines, definePlugin } from '@stele/sdk';
import { CliEngine } from '@stele/sdk/oci-cli';
import type { DockerSettings } from '../settings.ts';
import { dockerDialect } from './dialect.ts';

export default definePlugin<DockerSettings>({
  activate({ add, settings }) {
    add(ContainerEngines, 'docker', new CliEngine(dockerDialect(settings)));
  },
});
