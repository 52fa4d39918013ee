import CCrypto
import CCurl
