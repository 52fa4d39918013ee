import Glibc
import Pipeline

exit(await serve(LogsHandler.init))
