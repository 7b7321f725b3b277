// A ClickHouse of a test's own, from the system's package clickhouse-server (18.16 and newer).
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathOf } from "../../support/services.js";
import type { TestServer } from "./redis.js";
import { freePort, openDen, startServer } from "./server-process.js";

export async function startClickhouse(): Promise<TestServer> {
  const den = openDen("clickhouse");
  const [http, tcp] = [await freePort(), await freePort()];
  const config = join(den.folder, "config.xml");
  writeFileSync(join(den.folder, "users.xml"), USERS);
  writeFileSync(config, configText(den.folder, http, tcp));
  const server = await startServer(den, pathOf("clickhouse"), [`--config-file=${config}`], http);
  return {
    url: `http://default@127.0.0.1:${http}/default`,
    async close() {
      // Nothing in it is wanted any more, and a graceful end takes seconds.
      await server.stop("SIGKILL");
      await den.close();
    },
  };
}

const USERS = `<yandex>
<profiles><default/></profiles><quotas><default/></quotas>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks>
<profile>default</profile><quota>default</quota></default></users>
</yandex>`;

function configText(folder: string, http: number, tcp: number): string {
  return `<yandex>
<logger><level>warning</level><console>1</console></logger>
<http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><listen_host>127.0.0.1</listen_host>
<path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><user_files_path>${folder}/files/</user_files_path>
<format_schema_path>${folder}/schemas/</format_schema_path><mark_cache_size>67108864</mark_cache_size>
<users_config>users.xml</users_config><default_profile>default</default_profile>
<default_database>default</default_database>
</yandex>`;
}
