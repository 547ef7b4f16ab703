import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { trusting } from '@stele/sdk/http';
import type { Cloud } from './cloud.ts';
import { CloudWatch } from './cloud-watch.ts';
import { Ecs } from './ecs.ts';
import { hostOf, type Settings } from './settings.ts';

/** Milliseconds until a connection stands, and until a request is answered. */
const connecting = 5_000;
const answering = 20_000;

/** What AWS is asked for, and its connections, which somebody has to end. */
export type OpenCloud = Cloud & { close(): void };

/**
 * Opens ways to ECS and to CloudWatch; nothing is asked of them yet.
 * @throws INVALID (field `conf.ca`)
 */
export function openCloud(settings: Settings): OpenCloud {
  const { region, cluster, logGroup, endpoint, logsEndpoint } = settings;
  const requestHandler = handlerFor(settings);
  const ecsClient = new ECSClient({ ...clientParts(settings, endpoint), requestHandler });
  const logsClient = new CloudWatchLogsClient({ ...clientParts(settings, logsEndpoint), requestHandler });
  const ecs = new Ecs(ecsClient, { region, cluster, ...hostOf('ecs', region, 'endpoint', endpoint) });
  const logsPlace = { region, cluster, ...hostOf('logs', region, 'logsEndpoint', logsEndpoint) };
  const logs = new CloudWatch(logsClient, logGroup, logsPlace);
  return {
    cluster: (signal) => ecs.cluster(signal),
    hasLogGroup: (signal) => logs.hasLogGroup(signal),
    definition: (family, signal) => ecs.definition(family, signal),
    register: (definition, signal) => ecs.register(definition, signal),
    port: (definition, signal) => ecs.port(definition, signal),
    run: (request, signal) => ecs.run(request, signal),
    describe: (ids, signal) => ecs.describe(ids, signal),
    list: (filter, signal) => ecs.list(filter, signal),
    stop: (id, reason, signal) => ecs.stop(id, reason, signal),
    events: (query, signal) => logs.events(query, signal),
    removeStream: (stream, signal) => logs.removeStream(stream, signal),
    close: () => {
      ecsClient.destroy();
      logsClient.destroy();
    },
  };
}

function clientParts({ region, keys }: Settings, endpoint: string | undefined) {
  return {
    region,
    // Without keys the library looks for a role: of the machine, of a container, of a Kubernetes service account.
    ...(keys === undefined ? {} : { credentials: { ...keys } }),
    ...(endpoint === undefined ? {} : { endpoint }),
    retryMode: 'standard',
    maxAttempts: 4,
  } as const;
}

function handlerFor({ ca }: Settings): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets: 16 };
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent({ ...agent, ...trusting(ca) }),
    connectionTimeout: connecting,
    requestTimeout: answering,
    throwOnRequestTimeout: true,
  });
}
