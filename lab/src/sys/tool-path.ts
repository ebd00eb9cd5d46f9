/** Where system programs are looked for: a user's PATH may lack the folders of root's. */
export const TOOL_PATH: string = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
