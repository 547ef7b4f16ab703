import { ContainerEngines, definePlugin } from '@stele/sdk';
import type { DockerApiSettings } from '../settings.ts';
import { ApiEngine } from './engine.ts';

export default definePlugin<DockerApiSettings>({
  activate({ add, settings }) {
    add(ContainerEngines, 'docker-api', new ApiEngine(settings));
  },
});
