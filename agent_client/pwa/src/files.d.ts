/** Types of files that the bundler understands and TypeScript does not. */
declare module "*.css";
