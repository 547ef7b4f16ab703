import { Agent, ContainerEngines, definePlugin } from '@stele/sdk';
import type { SingularitySettings } from '../settings.ts';
import { SingularityEngine } from './engine.ts';

export default definePlugin<SingularitySettings, { agent: typeof Agent }>({
  requires: { agent: Agent },
  activate({ add, deps, settings }) {
    add(ContainerEngines, 'singularity', new SingularityEngine(settings, deps.agent));
  },
});
