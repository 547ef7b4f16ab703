export { Notices } from './notices.ts';
export { noteStart, Outbox } from './outbox.ts';
export { Postman } from './postman.ts';
export { type MailTransport, smtpTransport } from './transport.ts';
