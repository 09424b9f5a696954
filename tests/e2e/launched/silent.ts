// An app that forgot to listen.
export const port = Number(process.env['PORT'])
