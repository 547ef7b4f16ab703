/** What an operator may say about all storages of this kind. */
export interface Settings {
  readonly endpoints: readonly string[];
  readonly plainHttp: boolean;
}

export const settings = {
  type: 'object',
  properties: {
    endpoints: {
      type: 'array',
      title: 'Endpoints that users’ own storages may use',
      description:
        'Hosts, with their port where it is another than 443. Empty: any, but for this machine’s own and link-local addresses. Storages with the platform’s own credentials may use any.',
      items: { type: 'string', pattern: '^[A-Za-z0-9.-]+(?::[0-9]{1,5})?$', maxLength: 260 },
      default: [],
    },
    plainHttp: {
      type: 'boolean',
      title: 'Allow endpoints without TLS',
      description: 'Whoever is on the way then reads and changes files. For a store on this machine.',
      default: false,
    },
  },
  additionalProperties: false,
};
