/** Mails in tests: the file's own text. */
declare module "*.eml?raw" {
  const text: string;
  export default text;
}
