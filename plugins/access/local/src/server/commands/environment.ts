/**
 * What a command inherits of the platform's environment: what a log-in shell would have, and what container tools read.
 * The platform's own variables stay out: they may hold secrets, such as the database's URL.
 */
const inherited = [
  /^(?:HOME|LOGNAME|USER|SHELL|PATH|LANG|LANGUAGE|TERM|TMPDIR|TZ|DBUS_SESSION_BUS_ADDRESS|REGISTRY_AUTH_FILE)$/,
  /^(?:LC|XDG|DOCKER|CONTAINER|CONTAINERS|_CONTAINERS|BUILDAH|PODMAN)_/,
  /^(?:https?|all|no)_proxy$/i,
];

export function commandEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(own).filter(([name]) => inherited.some((rule) => rule.test(name))));
}
