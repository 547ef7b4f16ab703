const loaders = {
  button: () => import('@awesome.me/webawesome/dist/components/button/button.js'),
  breadcrumb: () =>
    Promise.all([
      import('@awesome.me/webawesome/dist/components/breadcrumb/breadcrumb.js'),
      import('@awesome.me/webawesome/dist/components/breadcrumb-item/breadcrumb-item.js'),
    ]),
  callout: () => import('@awesome.me/webawesome/dist/components/callout/callout.js'),
  'copy-button': () => import('@awesome.me/webawesome/dist/components/copy-button/copy-button.js'),
  details: () => import('@awesome.me/webawesome/dist/components/details/details.js'),
  dialog: () => import('@awesome.me/webawesome/dist/components/dialog/dialog.js'),
  divider: () => import('@awesome.me/webawesome/dist/components/divider/divider.js'),
  drawer: () => import('@awesome.me/webawesome/dist/components/drawer/drawer.js'),
  dropdown: () =>
    Promise.all([
      import('@awesome.me/webawesome/dist/components/dropdown/dropdown.js'),
      import('@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js'),
      import('@awesome.me/webawesome/dist/components/divider/divider.js'),
    ]),
  'progress-bar': () => import('@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js'),
  spinner: () => import('@awesome.me/webawesome/dist/components/spinner/spinner.js'),
  switch: () => import('@awesome.me/webawesome/dist/components/switch/switch.js'),
  tabs: () =>
    Promise.all([
      import('@awesome.me/webawesome/dist/components/tab-group/tab-group.js'),
      import('@awesome.me/webawesome/dist/components/tab/tab.js'),
      import('@awesome.me/webawesome/dist/components/tab-panel/tab-panel.js'),
    ]),
  tooltip: () => import('@awesome.me/webawesome/dist/components/tooltip/tooltip.js'),
  tree: () =>
    Promise.all([
      import('@awesome.me/webawesome/dist/components/tree/tree.js'),
      import('@awesome.me/webawesome/dist/components/tree-item/tree-item.js'),
    ]),
} satisfies Record<string, () => Promise<unknown>>;

/** Web Awesome components that the page can load; each brings the tags that belong to it, e.g. `tabs` → `<wa-tab>`. */
export type ComponentName = keyof typeof loaders;

/**
 * Loads Web Awesome components, once for the whole page, so that their tags (`<wa-dialog>`, …) come alive. Call it in a
 * panel's constructor for what is seen at once, or before something is opened. `button` is always there.
 *
 * @example
 * await components('dialog', 'tabs');
 */
export async function components(...names: readonly ComponentName[]): Promise<void> {
  await Promise.all(names.map((name) => loaders[name]()));
}
