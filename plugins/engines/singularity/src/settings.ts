import { type Static, Type } from 'typebox';

/** Settings of the plugin. */
export const settings = Type.Object(
  {
    command: Type.String({
      default: '',
      maxLength: 255,
      pattern: '^[^\\u0000-\\u001f]*$',
      title: 'Program',
      description: 'Name or path of apptainer or singularity. Empty: whichever a host has.',
    }),
    imageFolder: Type.String({
      default: '',
      pattern: '^(/[^\\u0000-\\u001f]*)?$',
      title: 'Folder of images',
      description:
        'Absolute path on the resource, in which each account that runs tasks makes a folder of its own; sticky, like /tmp. Empty: “.stele/images” in the home of each.',
    }),
    imageFiles: Type.Record(Type.String(), Type.String({ pattern: '^/[^\\u0000-\\u001f]+$' }), {
      default: {},
      title: 'Images that are there as files',
      description: 'SIF files by the reference that software names, e.g. “docker.io/library/debian:13”.',
    }),
    insecureRegistries: Type.Array(Type.String(), {
      default: [],
      title: 'Registries without TLS',
      description: 'Host, or host:port, of registries that are spoken to in plain HTTP. Those on loopback are anyway.',
    }),
  },
  { additionalProperties: false },
);

/** Settings, checked and with defaults filled in. */
export type SingularitySettings = Static<typeof settings>;
