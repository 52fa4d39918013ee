import Glibc
import Pipeline

exit(await serve(ProbeHandler.init))
