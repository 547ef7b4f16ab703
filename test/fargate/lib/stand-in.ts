import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AwsError } from './aws-error.ts';
import { Cluster, type Account } from './cluster.ts';
import { type Fault, Faults } from './faults.ts';
import { LogGroup } from './log-groups.ts';
import { loopback } from './network.ts';
import { type ErrorBody, problemsWith, problemsWithError, type Service, services } from './model.ts';

/** A request as it came. */
export interface Asked {
  readonly operation: string;
  readonly body: unknown;
}

export const knownKey = 'AKIABED';
export const kitImage = 'registry.bed/kit:1';

/**
 * In AWS’s place: ECS and CloudWatch Logs over HTTP, with faults on demand. All that it says, and all that it is asked, is held
 * against the model that AWS publishes with its library.
 */
export class StandIn implements AsyncDisposable {
  readonly faults = new Faults();
  readonly logs = new LogGroup('/stele/tasks');
  readonly cluster: Cluster;
  readonly asked: Asked[] = [];
  /** What broke the model, on either side. */
  readonly problems: string[] = [];
  readonly #server: Server;
  readonly #protocol: 'http' | 'https';

  /** @param tls what it shows, where it speaks TLS */
  constructor(parts: Partial<Omit<Account, 'logs'>> = {}, tls?: { readonly key: string; readonly cert: string }) {
    const account = {
      cluster: 'bed',
      subnets: ['subnet-0123456789abcdef0'],
      images: new Set([kitImage]),
      network: loopback,
      ...parts,
    };
    this.cluster = new Cluster({ ...account, logs: this.logs });
    const answer: RequestListener = (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.problems.push(`the stand-in broke: ${String(error)}`);
        response.destroy();
      });
    };
    this.#protocol = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? createServer(answer) : createSecure(tls, answer);
  }

  async listen(port = 0): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get endpoint(): string {
    return `${this.#protocol}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often an operation was asked for. */
  count(operation: string): number {
    return this.asked.filter((one) => one.operation === operation).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.end();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [target = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
    const service = services[target as keyof typeof services] as Service | undefined;
    const body = JSON.parse(
      Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString(),
    ) as unknown;
    if (service === undefined) throw new Error(`a request for ${target}`);
    this.asked.push({ operation, body });
    this.problems.push(...problemsWith(service, operation, 'request', body));
    const fault = this.faults.take(operation);
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    if (fault?.kind === 'cut' && fault.when === 'before') return void request.socket.destroy();
    if (fault?.kind === 'html') return html(response, fault.status);
    try {
      const answer = this.#handle(service, operation, body, request, fault);
      this.problems.push(...problemsWith(service, operation, 'answer', answer));
      if (fault?.kind === 'cut') return void request.socket.destroy();
      send(response, 200, answer);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const told: ErrorBody = { __type: error.kind, message: error.message, ...error.more };
      this.problems.push(...problemsWithError(service, told));
      send(response, error.status, told);
    }
  }

  #handle(
    service: Service,
    operation: string,
    body: unknown,
    { headers }: IncomingMessage,
    fault: Fault | undefined,
  ): unknown {
    if (fault?.kind === 'error') throw fault.error;
    const [, key] = /Credential=([^/]+)\//.exec(headers.authorization ?? '') ?? [];
    if (key !== knownKey) {
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    return service.id === 'ecs' ? this.cluster.handle(operation, body) : this.logs.handle(operation, body);
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function html(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<html><h1>Bad gateway</h1></html>');
}
