/** Numbers of the platform's advisory locks on its database, in one place: none must be taken twice. */
export const advisoryLocks = {
  migrating: 7_357_001,
  makingUsers: 7_357_002,
  declaring: 7_357_003,
  makingKeys: 7_357_004,
  /** First of two numbers, which are a space of their own. */
  sameSecretKey: 7_357_004,
} as const;
