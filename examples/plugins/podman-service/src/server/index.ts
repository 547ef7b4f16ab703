import { ContainerEngines, definePlugin } from '@stele/sdk';
import { CliEngine } from '@stele/sdk/oci-cli';
import { serviceDialect } from './dialect.ts';
import { ServiceLog } from './service-log.ts';
import { answer } from './routes.ts';
import type { Settings } from './settings.ts';

export default definePlugin<Settings>({
  activate({ add, mount, settings }) {
    const services = new ServiceLog();
    add(ContainerEngines, 'podman-service', new CliEngine(serviceDialect(settings, services)));
    mount((request, caller) => Promise.resolve(answer(request, caller, services)));
  },
});
