import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { openApiDocument } from '../../src/contract/openapi.ts'

interface Response {
  readonly content: Readonly<Record<string, { readonly schema: object }>>
}
interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, Response>>
}

export const document = JSON.parse(JSON.stringify(openApiDocument('0.1.0'))) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: { readonly Problem: object } }
}

const ajv = new Ajv2020({ allErrors: true, strict: false })
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)

/** The schema of an endpoint's answer, as the document has it, by the endpoint's id. */
export const answers: ReadonlyMap<string, ValidateFunction> = new Map(
  Object.values(document.paths)
    .flatMap(operations => Object.values(operations))
    .map(({ operationId, responses }) => [
      operationId,
      ajv.compile(responses['200']!.content['application/json']!.schema)
    ])
)

export const problem = ajv.compile(document.components.schemas.Problem)
