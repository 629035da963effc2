// Asks DuckDB, of the file named on the command line: calls, distinct destinations and minutes per source, five-digit prefix and hour.
import { DuckDBInstance } from '@duckdb/node-api';

const columns = ['accountcode', 'src', 'dst', 'dcontext', 'clid', 'channel', 'dstchannel', 'lastapp', 'lastdata', 'start', 'answer', 'end', 'duration',
  'billsec', 'disposition', 'amaflags', 'uniqueid', 'userfield'];
const types = { start: 'TIMESTAMP', duration: 'INTEGER', billsec: 'INTEGER' };
const instance = await DuckDBInstance.create(':memory:');
const db = await instance.connect();
const version = (await db.runAndReadAll('SELECT version()')).getRows()[0][0];
const shape = columns.map((c) => `'${c}': '${types[c] ?? 'VARCHAR'}'`).join(', ');
const file = process.argv[2].replaceAll("'", "''");
const answer = await db.runAndReadAll(`
  SELECT count(*), sum(calls) FROM (
    SELECT src, substr(dst, 1, 5) AS prefix, date_trunc('hour', start) AS hour,
           count(*) AS calls, count(DISTINCT dst) AS destinations, sum(billsec) / 60 AS minutes
    FROM read_csv('${file}', header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${shape}})
    GROUP BY ALL)`);
const [groups, calls] = answer.getRows()[0];
console.log(JSON.stringify({ version, groups: Number(groups), calls: Number(calls) }));
