export { ClientAddresses } from './client.ts';
export { Gateway, type TicketRequest } from './gateway.ts';
export { type GatewayLimits, type GatewayOptions, type PortMode, type SubdomainMode } from './options.ts';
export type { Clock, GatewayTask, Random, Revocation, SessionGuard, TaskDirectory } from './ports.ts';
export { share } from './server.ts';
