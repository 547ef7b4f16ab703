/** Where the platform listens when the site doesn't say. */
export const defaultPort = 8000;
export const defaultHost = '127.0.0.1';
