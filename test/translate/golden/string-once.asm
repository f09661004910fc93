; One element, by DF.
        lodsd
