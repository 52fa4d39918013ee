import Glibc
import Pipeline

exit(await serve(AnomalyHandler.init))
