/**
 * The folder of this package: one level above both `dist` and `src`. Only the command line may ask for it. In an app
 * that is bundled there is no such folder.
 */
export const packageRoot: URL = new URL('../', import.meta.url)
