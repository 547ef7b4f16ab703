export { type Channel, silence } from './channel.ts';
export { Leases, type LeaseTimes } from './leases.ts';
export type { Message } from './message.ts';
export { PostgresChannel } from './postgres-channel.ts';
export { fingerprintOf } from './same-key.ts';
export { type Fence, noFence, soleTenures, type Tenure, type Tenures } from './tenure.ts';
export { SharedTickets } from './shared-tickets.ts';
