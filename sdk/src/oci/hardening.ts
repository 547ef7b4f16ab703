/**
 * What a container's root may do. Enough for images that begin as root, give their files away and step down to a user,
 * and for a root that writes into a folder of another owner. Left out of the engines' usual set: MKNOD, NET_RAW,
 * SETFCAP, SETPCAP, SYS_CHROOT, AUDIT_WRITE.
 */
export const keptCapabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETGID',
  'SETUID',
] as const;

/** Processes and threads: a fork bomb ends here, a numeric library on a host with many cores doesn't. */
export const processLimit = 4096;
