import { describe } from 'vitest'
import { freshDatabase } from '../stores/postgres/server.ts'
import { testMany } from './many.ts'

describe('many jobs at once, in PostgreSQL', () => testMany(freshDatabase, 12_500))
